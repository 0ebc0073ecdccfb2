// evaltermexpr/array comprehension empty
import type { Entrypoints } from "./339.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
