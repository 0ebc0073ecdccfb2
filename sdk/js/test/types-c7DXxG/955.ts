// negation/not-body: negated call with vars, inside comprehension, call succeeds
import type { Entrypoints } from "./955.policy.js";
const answer: Entrypoints["negation/p"]["result"] = [];
const given = {"x":true};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
