// evaltermexpr/null
import type { Entrypoints } from "./329.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
