// globmatch/empty pattern alternative
import type { Entrypoints } from "./444.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
