// comparisonexpr/lt
import type { Entrypoints } from "./165.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
