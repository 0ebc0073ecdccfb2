// a collection the data does not hold reaches no rule
import type { Entrypoints } from "./578.policy.js";
const answer: Entrypoints["indexing/t"]["result"] = undefined;
export {};
