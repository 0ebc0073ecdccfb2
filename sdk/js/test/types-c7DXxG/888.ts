// logic_op/iteration: or lhs would yield multiple successes, comprehension emits once
import type { Entrypoints } from "./888.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
