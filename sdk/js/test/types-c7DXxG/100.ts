// array/flatten empty array
import type { Entrypoints } from "./100.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
