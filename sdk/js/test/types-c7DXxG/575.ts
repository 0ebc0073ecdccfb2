// a member of no group reaches no rule
import type { Entrypoints } from "./575.policy.js";
const answer: Entrypoints["indexing/p"]["result"] = undefined;
export {};
