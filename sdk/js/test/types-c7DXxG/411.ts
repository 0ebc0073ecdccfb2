// globmatch/glob match with : delimiter
import type { Entrypoints } from "./411.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
