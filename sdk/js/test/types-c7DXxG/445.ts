// globmatch/a run of wildcards matches the empty string
import type { Entrypoints } from "./445.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
