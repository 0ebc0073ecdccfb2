// logic_op/iteration: and lhs would yield multiple successes, comprehension emits once
import type { Entrypoints } from "./885.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
