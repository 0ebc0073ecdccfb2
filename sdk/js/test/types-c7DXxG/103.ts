// array/flatten has nesting depth 1
import type { Entrypoints } from "./103.policy.js";
const answer: Entrypoints["test/p"]["result"] = [[1],[2,3,[]],[4,5]];
export {};
