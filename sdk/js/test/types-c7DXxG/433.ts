// globmatch/glob match single without default delimiter, glob non-empty
import type { Entrypoints } from "./433.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
