// aggregates/max virtual set
import type { Entrypoints } from "./14.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 4;
export {};
