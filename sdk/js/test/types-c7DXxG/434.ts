// globmatch/no deadlocks for glob match
import type { Entrypoints } from "./434.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true];
export {};
