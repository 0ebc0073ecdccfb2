// regexfindallstringsubmatch/multiple patterns, matches, and captures
import type { Entrypoints } from "./1197.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["som","o","m"],["ri","i",""]]];
export {};
