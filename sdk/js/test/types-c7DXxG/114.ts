// array/reverse_empty
import type { Entrypoints } from "./114.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
