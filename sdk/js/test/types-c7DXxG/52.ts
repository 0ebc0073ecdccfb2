// aggregates/member non-collection string
import type { Entrypoints } from "./52.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
