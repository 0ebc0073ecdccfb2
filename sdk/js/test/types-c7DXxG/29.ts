// aggregates/member check set with with both key and value
import type { Entrypoints } from "./29.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
