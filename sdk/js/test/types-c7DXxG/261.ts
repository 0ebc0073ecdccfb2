// disjunction/incr: eval object constant key
import type { Entrypoints } from "./261.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":2};
export {};
