// eqexpr/unordered: sets
import type { Entrypoints } from "./320.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
