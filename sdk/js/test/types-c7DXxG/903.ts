// logic_op/or/basic: lhs undefined ref, rhs true
import type { Entrypoints } from "./903.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
