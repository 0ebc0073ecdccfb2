// logic_op/rule_head: or under if-head, both false
import type { Entrypoints } from "./937.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":0,"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
