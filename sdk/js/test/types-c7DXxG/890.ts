// logic_op/iteration: enumeration inside operand body, no fail-and-retry
import type { Entrypoints } from "./890.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
