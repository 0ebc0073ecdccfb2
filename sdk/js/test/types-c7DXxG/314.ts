// eqexpr/pattern: object same var
import type { Entrypoints } from "./314.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
