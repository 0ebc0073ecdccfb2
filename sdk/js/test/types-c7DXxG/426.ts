// globmatch/glob match with pattern-alternatives list (fat)
import type { Entrypoints } from "./426.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
