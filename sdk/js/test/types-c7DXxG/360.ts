// every/non-iter domain: string
import type { Entrypoints } from "./360.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
