// logic_op/or/explicit-body: both explicit, lhs succeeds
import type { Entrypoints } from "./911.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
