// evaltermexpr/number zero
import type { Entrypoints } from "./328.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
