// logic_op/and/basic: both operands true
import type { Entrypoints } from "./830.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
