// a set the subject is not in reaches no rule
import type { Entrypoints } from "./581.policy.js";
const answer: Entrypoints["indexing/caller/n"]["result"] = 0;
export {};
