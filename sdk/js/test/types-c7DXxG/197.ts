// compositereferences/comprehension
import type { Entrypoints } from "./197.policy.js";
const answer: Entrypoints["test/p"]["result"] = [[1,1],4];
export {};
