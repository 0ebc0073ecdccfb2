// logic_op/chained: a and b and c, middle false
import type { Entrypoints } from "./857.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":true,"b":false,"c":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
