// logic_op/or/basic: both true
import type { Entrypoints } from "./898.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
