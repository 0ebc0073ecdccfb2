// aggregates/min dups
import type { Entrypoints } from "./16.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
