// every/non-iter domain: input int (1st level)
import type { Entrypoints } from "./368.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
