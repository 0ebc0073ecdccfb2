// comparisonexpr/noteq
import type { Entrypoints } from "./162.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
