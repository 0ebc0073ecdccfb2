// globmatch/glob no match with single wild-card
import type { Entrypoints } from "./421.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
