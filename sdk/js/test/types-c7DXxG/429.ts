// globmatch/glob match single with default delimiter
import type { Entrypoints } from "./429.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
