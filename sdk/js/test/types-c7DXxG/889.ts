// logic_op/iteration: or rhs would yield multiple successes, comprehension emits once
import type { Entrypoints } from "./889.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
