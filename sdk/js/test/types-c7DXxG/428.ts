// globmatch/glob no match with pattern-alternatives list
import type { Entrypoints } from "./428.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
