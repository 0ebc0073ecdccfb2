// eqexpr/undefined: array order
import type { Entrypoints } from "./291.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
