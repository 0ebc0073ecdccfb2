// logic_op/grouping: (a and (b or c)) and d
import type { Entrypoints } from "./878.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":false,"c":true,"d":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
