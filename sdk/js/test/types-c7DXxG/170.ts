// comparisonexpr/undefined: lt
import type { Entrypoints } from "./170.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
