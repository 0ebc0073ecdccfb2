// aggregates/max
import type { Entrypoints } from "./12.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
