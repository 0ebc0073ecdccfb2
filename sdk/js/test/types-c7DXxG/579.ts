// a with statement replacing the collection is seen
import type { Entrypoints } from "./579.policy.js";
const answer: Entrypoints["indexing/caller/v"]["result"] = undefined;
export {};
