// globmatch/glob match with pattern-alternatives list (cat)
import type { Entrypoints } from "./424.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
