// every/non-iter domain: bool
import type { Entrypoints } from "./361.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
