// partialsetdoc/deep ref/heterogeneous
import type { Entrypoints } from "./1121.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [null,false,true,3.14159,"foo"];
export {};
