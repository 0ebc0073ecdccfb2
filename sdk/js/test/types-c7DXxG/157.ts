// casts/to_number
import type { Entrypoints } from "./157.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [-42,0,100.1,0,1];
export {};
