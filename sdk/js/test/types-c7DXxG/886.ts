// logic_op/iteration: and rhs would yield multiple successes, comprehension emits once
import type { Entrypoints } from "./886.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
