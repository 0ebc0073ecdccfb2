// jsonfilter/empty list
import type { Entrypoints } from "./603.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
