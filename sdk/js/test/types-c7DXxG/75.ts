// arithmetic/remainder+error
import type { Entrypoints } from "./75.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
