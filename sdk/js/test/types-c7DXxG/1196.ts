// regexfindallstringsubmatch/multiple matches with captures-2
import type { Entrypoints } from "./1196.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[["axxb","xx"],["ab",""]]];
export {};
