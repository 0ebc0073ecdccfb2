// arithmetic/remainder
import type { Entrypoints } from "./74.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 3;
export {};
