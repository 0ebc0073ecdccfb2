// eqexpr/pattern: object/array nested
import type { Entrypoints } from "./319.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[3]];
export {};
