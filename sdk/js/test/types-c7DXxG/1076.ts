// objectremove/multiple keys set
import type { Entrypoints } from "./1076.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1};
export {};
