// aggregates/count set
import type { Entrypoints } from "./5.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 4;
export {};
