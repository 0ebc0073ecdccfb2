// logic_op/or/explicit-body: multi-expr operand body
import type { Entrypoints } from "./914.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
