// regexfindallstringsubmatch/finds no matches
import type { Entrypoints } from "./1193.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[]];
export {};
