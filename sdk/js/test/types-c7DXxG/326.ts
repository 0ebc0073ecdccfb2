// evaltermexpr/false
import type { Entrypoints } from "./326.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
