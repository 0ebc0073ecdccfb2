// aggregates/reduce ref dest (2)
import type { Entrypoints } from "./22.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
