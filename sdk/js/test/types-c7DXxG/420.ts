// globmatch/glob match with single wild-card
import type { Entrypoints } from "./420.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
