// aggregates/min set
import type { Entrypoints } from "./18.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
