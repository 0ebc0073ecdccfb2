// comparisonexpr/gt
import type { Entrypoints } from "./163.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
