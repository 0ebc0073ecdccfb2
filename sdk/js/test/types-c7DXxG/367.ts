// every/non-iter domain: input int
import type { Entrypoints } from "./367.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
