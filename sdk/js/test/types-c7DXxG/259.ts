// disjunction/incr: eval set
import type { Entrypoints } from "./259.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["1","2","3","4","goodbye","hello"];
export {};
