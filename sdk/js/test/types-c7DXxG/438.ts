// globmatch/negated character-list requires exactly one character
import type { Entrypoints } from "./438.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
