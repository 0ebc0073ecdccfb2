// negation/not-body: negated call with vars, inside every, call succeeds
import type { Entrypoints } from "./957.policy.js";
const answer: Entrypoints["negation/p"]["result"] = false;
const given = {"x":[1,2],"y":3};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
