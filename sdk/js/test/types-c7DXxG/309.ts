// eqexpr/pattern: array multiple vars
import type { Entrypoints } from "./309.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[2,3]];
export {};
