// numbersrange/ascending
import type { Entrypoints } from "./1034.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [-2,-1,0,1,2,3];
export {};
