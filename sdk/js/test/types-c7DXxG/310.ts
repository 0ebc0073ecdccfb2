// eqexpr/pattern: array multiple vars 2
import type { Entrypoints } from "./310.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[2,1]];
export {};
