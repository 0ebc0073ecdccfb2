// comparisonexpr/equals
import type { Entrypoints } from "./161.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
