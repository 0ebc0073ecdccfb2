// comparisonexpr/undefined: gt
import type { Entrypoints } from "./168.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
