// logic_op/and/basic: indexed data refs
import type { Entrypoints } from "./840.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
