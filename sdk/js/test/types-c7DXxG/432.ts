// globmatch/glob match single without default delimiter
import type { Entrypoints } from "./432.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
