// logic_op/rule_head: or in function body
import type { Entrypoints } from "./942.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"n":100};
const input: Entrypoints["test/p"]["input"] = given;
export {};
