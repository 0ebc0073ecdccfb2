// array/slice
import type { Entrypoints } from "./109.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,3];
export {};
