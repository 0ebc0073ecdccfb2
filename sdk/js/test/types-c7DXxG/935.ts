// logic_op/rule_head: and under if-head, lhs false
import type { Entrypoints } from "./935.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":0,"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
