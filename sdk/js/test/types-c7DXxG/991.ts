// netcidrcontainsmatches/arrays of tuples
import type { Entrypoints } from "./991.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[0,1],[1,0]];
export {};
