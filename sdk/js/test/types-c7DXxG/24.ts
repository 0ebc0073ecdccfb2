// aggregates/sort set
import type { Entrypoints } from "./24.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3,4];
export {};
