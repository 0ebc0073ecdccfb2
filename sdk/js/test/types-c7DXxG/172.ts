// comparisonexpr/decimals are the same number as a set member, object key and sort position
import type { Entrypoints } from "./172.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"max":3.5,"min":2.7499,"object key":"found","set":1,"set member":true,"sorted":[-2.5,0.5,1,3,3.25,3.5,3.5]};
export {};
