// regexfindallstringsubmatch/multiple patterns, matches, and captures with specified number of matches
import type { Entrypoints } from "./1198.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["som","o","m"]]];
export {};
