// logic_op/rule_head: and under assignment head
import type { Entrypoints } from "./938.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
const given = {"x":1,"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
