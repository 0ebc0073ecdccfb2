// logic_op/rule_head: or under assignment head
import type { Entrypoints } from "./939.policy.js";
const answer: Entrypoints["test/p"]["result"] = "matched";
const given = {"x":0,"y":5};
const input: Entrypoints["test/p"]["input"] = given;
export {};
