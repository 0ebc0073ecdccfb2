// a with statement may replace the collection with a set
import type { Entrypoints } from "./580.policy.js";
const answer: Entrypoints["indexing/caller/n"]["result"] = 0;
export {};
