// globmatch/single wildcard requires exactly one character
import type { Entrypoints } from "./437.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
