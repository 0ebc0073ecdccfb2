// disjunction/incr: eval object
import type { Entrypoints } from "./260.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":"1","b":"2","c":"4","goodbye":"v2","hello":"v1"};
export {};
