// globmatch/glob no match with character-range matchers
import type { Entrypoints } from "./417.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
