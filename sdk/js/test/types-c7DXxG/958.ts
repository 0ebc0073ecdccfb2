// negation/not-body: negated call with vars, inside every, undefined operands
import type { Entrypoints } from "./958.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
const given = {"x":[1,2]};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
