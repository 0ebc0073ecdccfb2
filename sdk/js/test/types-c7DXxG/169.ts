// comparisonexpr/undefined: gteq
import type { Entrypoints } from "./169.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
