// logic_op/or/basic: both false
import type { Entrypoints } from "./899.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
