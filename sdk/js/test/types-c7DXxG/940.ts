// logic_op/rule_head: and in function body
import type { Entrypoints } from "./940.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
