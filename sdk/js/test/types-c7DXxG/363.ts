// every/non-iter domain: built-in call
import type { Entrypoints } from "./363.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
