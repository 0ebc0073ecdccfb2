// logic_op/or/basic: indexed data refs
import type { Entrypoints } from "./908.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
