// globmatch/glob no match with single wild-card and delimiter
import type { Entrypoints } from "./423.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
