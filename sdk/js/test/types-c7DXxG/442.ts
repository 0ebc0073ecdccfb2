// globmatch/super wildcard matches the empty string between literals
import type { Entrypoints } from "./442.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
