// evaltermexpr/ref
import type { Entrypoints } from "./334.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
