// aggregates/min virtual set
import type { Entrypoints } from "./20.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
