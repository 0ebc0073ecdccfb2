// eqexpr/pattern: array 2
import type { Entrypoints } from "./307.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
