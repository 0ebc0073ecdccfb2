// negation/not-body: negated call with vars, undefined operands
import type { Entrypoints } from "./954.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
export {};
