// aggregates/count keys
import type { Entrypoints } from "./3.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
