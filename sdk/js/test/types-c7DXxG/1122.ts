// partialsetdoc/composite var value
import type { Entrypoints } from "./1122.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[0,1],[1,2],[2,3],[3,4]];
export {};
