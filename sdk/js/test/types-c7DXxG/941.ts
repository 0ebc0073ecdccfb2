// logic_op/rule_head: and in function body, fails
import type { Entrypoints } from "./941.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
