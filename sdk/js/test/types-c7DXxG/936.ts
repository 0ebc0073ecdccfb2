// logic_op/rule_head: or under if-head, lhs true
import type { Entrypoints } from "./936.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1,"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
