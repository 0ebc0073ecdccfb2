// negation/not-body: with statement, built-in call replaced
import type { Entrypoints } from "./961.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
export {};
