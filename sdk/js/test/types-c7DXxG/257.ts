// disjunction/incr: query set constants
import type { Entrypoints } from "./257.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0,1,2,3,100];
export {};
