// logic_op/and/explicit-body: both explicit
import type { Entrypoints } from "./843.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
