// objectremove/multiple keys object
import type { Entrypoints } from "./1078.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1};
export {};
