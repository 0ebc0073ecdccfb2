// aggregates/member operator precedence in list (set)
import type { Entrypoints } from "./45.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
