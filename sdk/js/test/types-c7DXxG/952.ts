// negation/not-body: negated call with vars, call succeeds
import type { Entrypoints } from "./952.policy.js";
const answer: Entrypoints["negation/p"]["result"] = false;
const given = {"x":1,"y":2,"z":3};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
