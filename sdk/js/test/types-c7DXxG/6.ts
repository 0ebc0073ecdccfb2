// aggregates/sum
import type { Entrypoints } from "./6.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [10];
export {};
