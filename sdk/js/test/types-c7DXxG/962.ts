// negation/not-body: with statement, rego-function call replaced
import type { Entrypoints } from "./962.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
export {};
