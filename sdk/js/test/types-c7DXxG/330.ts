// evaltermexpr/string non-empty
import type { Entrypoints } from "./330.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
