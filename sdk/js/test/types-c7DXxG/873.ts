// logic_op/grouping: a and (b or c)
import type { Entrypoints } from "./873.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":true,"c":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
