// globmatch/glob match with negated character-list matchers
import type { Entrypoints } from "./414.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
