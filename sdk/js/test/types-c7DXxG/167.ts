// comparisonexpr/undefined: noteq
import type { Entrypoints } from "./167.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
