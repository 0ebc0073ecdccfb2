// netcidrcontainsmatches/strings
import type { Entrypoints } from "./989.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [["1.1.1.0/24","1.1.1.1"]];
export {};
