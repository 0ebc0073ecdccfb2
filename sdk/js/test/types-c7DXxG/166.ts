// comparisonexpr/undefined: equals
import type { Entrypoints } from "./166.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
