// eqexpr/indexing: intersection
import type { Entrypoints } from "./323.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
