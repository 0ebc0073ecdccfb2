// globmatch/glob no match single with . delimiter
import type { Entrypoints } from "./430.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
