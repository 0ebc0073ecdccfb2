// logic_op/rule_head: and under if-head, both true
import type { Entrypoints } from "./934.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1,"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
