// membership in an array in data is not indexed but still evaluates
import type { Entrypoints } from "./577.policy.js";
const answer: Entrypoints["indexing/s"]["result"] = undefined;
export {};
