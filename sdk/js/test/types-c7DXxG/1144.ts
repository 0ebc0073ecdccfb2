// reachable/cycle
import type { Entrypoints } from "./1144.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["a","b","c"];
export {};
