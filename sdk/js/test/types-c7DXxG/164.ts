// comparisonexpr/gteq
import type { Entrypoints } from "./164.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
