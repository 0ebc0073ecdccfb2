// netcidrcontainsmatches/arrays
import type { Entrypoints } from "./990.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[0,1],[1,0]];
export {};
