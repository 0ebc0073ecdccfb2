// globmatch/glob match with character-range matchers
import type { Entrypoints } from "./416.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
