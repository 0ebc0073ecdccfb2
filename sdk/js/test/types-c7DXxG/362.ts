// every/non-iter domain: null
import type { Entrypoints } from "./362.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
