// globmatch/glob match with character-list matchers
import type { Entrypoints } from "./412.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
