// globmatch/super glob match with . delimiter
import type { Entrypoints } from "./410.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
