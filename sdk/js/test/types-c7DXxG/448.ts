// globmatch/wildcard does not cross the second delimiter
import type { Entrypoints } from "./448.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
