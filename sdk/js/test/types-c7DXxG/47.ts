// aggregates/member operator precedence in list (array)
import type { Entrypoints } from "./47.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
