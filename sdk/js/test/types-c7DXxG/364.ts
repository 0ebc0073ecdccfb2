// every/non-iter domain: function call
import type { Entrypoints } from "./364.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
