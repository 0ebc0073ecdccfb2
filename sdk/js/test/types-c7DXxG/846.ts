// logic_op/and/explicit-body: each operand has its own scope
import type { Entrypoints } from "./846.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
