// logic_op/or/basic: rhs true
import type { Entrypoints } from "./897.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
