// every/non-iter domain: rule ref
import type { Entrypoints } from "./365.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
