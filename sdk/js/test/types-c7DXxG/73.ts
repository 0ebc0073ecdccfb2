// arithmetic/abs
import type { Entrypoints } from "./73.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
