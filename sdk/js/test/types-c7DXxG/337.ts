// evaltermexpr/ref false
import type { Entrypoints } from "./337.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
