// array/flatten only arrays
import type { Entrypoints } from "./101.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2,3,4,5];
export {};
