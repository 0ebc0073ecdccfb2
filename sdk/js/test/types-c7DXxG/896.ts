// logic_op/or/basic: lhs true
import type { Entrypoints } from "./896.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
