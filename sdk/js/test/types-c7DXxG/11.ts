// aggregates/product set
import type { Entrypoints } from "./11.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 24;
export {};
