// evaltermexpr/array empty
import type { Entrypoints } from "./331.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
