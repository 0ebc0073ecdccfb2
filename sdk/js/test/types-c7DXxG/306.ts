// eqexpr/pattern: array
import type { Entrypoints } from "./306.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
