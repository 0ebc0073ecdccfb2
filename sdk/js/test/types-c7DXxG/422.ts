// globmatch/glob match with single wild-card and delimiter
import type { Entrypoints } from "./422.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
