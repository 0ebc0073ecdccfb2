// globmatch/glob no match with negated character-list matchers
import type { Entrypoints } from "./415.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
