// globmatch/wildcard does not consume a literal of the pattern
import type { Entrypoints } from "./439.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
