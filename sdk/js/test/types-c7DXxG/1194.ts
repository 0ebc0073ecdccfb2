// regexfindallstringsubmatch/single match without captures
import type { Entrypoints } from "./1194.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["ab",""]]];
export {};
