// globmatch/glob no match single with default delimiter
import type { Entrypoints } from "./431.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
