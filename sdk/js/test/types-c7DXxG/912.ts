// logic_op/or/explicit-body: both explicit, rhs succeeds
import type { Entrypoints } from "./912.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
