// every/domain is call
import type { Entrypoints } from "./347.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
