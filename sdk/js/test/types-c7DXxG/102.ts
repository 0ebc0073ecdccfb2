// array/flatten single item array in array
import type { Entrypoints } from "./102.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2,3];
export {};
