// evaltermexpr/object empty
import type { Entrypoints } from "./332.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
