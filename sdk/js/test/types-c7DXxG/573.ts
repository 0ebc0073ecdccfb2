// a local bound to a string in a data reference
import type { Entrypoints } from "./573.policy.js";
const answer: Entrypoints["indexing/p"]["result"] = ["b"];
export {};
