// aggregates/member operator precedence in list with parens (set)
import type { Entrypoints } from "./46.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
