// globmatch/glob match with pattern-alternatives list (bat)
import type { Entrypoints } from "./425.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
