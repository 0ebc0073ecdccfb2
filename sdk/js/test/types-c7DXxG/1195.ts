// regexfindallstringsubmatch/single match with a capture
import type { Entrypoints } from "./1195.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["axxb","xx"]]];
export {};
