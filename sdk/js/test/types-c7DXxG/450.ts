// globmatch/escaped meta character does not match another character
import type { Entrypoints } from "./450.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
