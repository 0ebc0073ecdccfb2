// evaltermexpr/arbitrary position
import type { Entrypoints } from "./340.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
