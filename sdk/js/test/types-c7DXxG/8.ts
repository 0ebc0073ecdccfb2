// aggregates/sum virtual set
import type { Entrypoints } from "./8.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 10;
export {};
