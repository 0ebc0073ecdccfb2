// globmatch/glob match with pattern-alternatives list (rat)
import type { Entrypoints } from "./427.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
