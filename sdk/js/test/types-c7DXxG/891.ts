// logic_op/iteration: enumeration inside operand body, all fail
import type { Entrypoints } from "./891.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
