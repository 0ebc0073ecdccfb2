// logic_op/grouping: (a or b) and c
import type { Entrypoints } from "./874.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true,"c":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
