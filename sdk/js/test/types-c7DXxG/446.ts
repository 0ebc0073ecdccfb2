// globmatch/wildcards do not cross any of multiple delimiters
import type { Entrypoints } from "./446.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
