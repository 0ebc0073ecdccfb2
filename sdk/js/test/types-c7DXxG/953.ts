// negation/not-body: negated call with vars, call fails
import type { Entrypoints } from "./953.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
const given = {"x":1,"y":2,"z":0};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
