// indexing on any and arrays
import type { Entrypoints } from "./572.policy.js";
const answer: Entrypoints["indexing/p"]["result"] = true;
export {};
