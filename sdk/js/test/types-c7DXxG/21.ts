// aggregates/reduce ref dest
import type { Entrypoints } from "./21.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
