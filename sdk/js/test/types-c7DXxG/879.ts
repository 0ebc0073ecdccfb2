// logic_op/grouping: redundant parens (((a or b)))
import type { Entrypoints } from "./879.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
