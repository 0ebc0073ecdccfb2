// logic_op/grouping: a and (b or c) short-circuits when a is false
import type { Entrypoints } from "./871.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":false,"b":false,"c":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
