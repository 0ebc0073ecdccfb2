// aggregates/member chained
import type { Entrypoints } from "./41.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
