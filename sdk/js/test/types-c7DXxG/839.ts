// logic_op/and/basic: dotted data refs both defined
import type { Entrypoints } from "./839.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
