// logic_op/and/basic: both false
import type { Entrypoints } from "./833.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
