// globmatch/wildcards with multiple delimiters
import type { Entrypoints } from "./447.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
