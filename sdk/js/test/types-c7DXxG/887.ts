// logic_op/iteration: and lhs+rhs would yield multiple successes, comprehension emits once
import type { Entrypoints } from "./887.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
