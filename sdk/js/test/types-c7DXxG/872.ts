// logic_op/grouping: no parens, a and b or c
import type { Entrypoints } from "./872.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true,"c":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
