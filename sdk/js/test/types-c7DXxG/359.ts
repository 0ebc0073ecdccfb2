// every/non-iter domain: int
import type { Entrypoints } from "./359.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
