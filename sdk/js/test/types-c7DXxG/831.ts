// logic_op/and/basic: lhs false
import type { Entrypoints } from "./831.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
