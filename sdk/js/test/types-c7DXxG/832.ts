// logic_op/and/basic: rhs false
import type { Entrypoints } from "./832.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
