// regexfind/finds specified number of match values
import type { Entrypoints } from "./1191.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [["ar","an"]];
export {};
