// negation/not-body: negated call with vars, inside comprehension, undefined operands
import type { Entrypoints } from "./956.policy.js";
const answer: Entrypoints["negation/p"]["result"] = ["foo"];
export {};
