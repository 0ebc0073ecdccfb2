// aggregates/member operator precedence in list with parens (array)
import type { Entrypoints } from "./48.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
