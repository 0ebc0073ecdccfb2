// globmatch/escaped meta character is a literal
import type { Entrypoints } from "./449.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
