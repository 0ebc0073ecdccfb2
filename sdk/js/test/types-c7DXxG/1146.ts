// reachable/arrays
import type { Entrypoints } from "./1146.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["a","b","c"];
export {};
