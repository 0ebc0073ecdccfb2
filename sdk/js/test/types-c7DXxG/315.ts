// eqexpr/pattern: object multiple vars 2
import type { Entrypoints } from "./315.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[1,2]];
export {};
