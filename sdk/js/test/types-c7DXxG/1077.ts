// objectremove/multiple keys array
import type { Entrypoints } from "./1077.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1};
export {};
