// logic_op/or/single-result: both operands succeed contributes one element
import type { Entrypoints } from "./919.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1];
export {};
