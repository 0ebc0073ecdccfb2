// globmatch/wildcard between literals
import type { Entrypoints } from "./440.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
