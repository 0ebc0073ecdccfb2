// every/non-iter domain: data int
import type { Entrypoints } from "./366.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
