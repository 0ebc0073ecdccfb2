// negation/not-body: with statement, ref replaced
import type { Entrypoints } from "./960.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
const given = {"x":3};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
