// evaltermexpr/number non-zero
import type { Entrypoints } from "./327.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
