// evaltermexpr/array comprehension
import type { Entrypoints } from "./338.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
