// aggregates/member array with index
import type { Entrypoints } from "./33.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
