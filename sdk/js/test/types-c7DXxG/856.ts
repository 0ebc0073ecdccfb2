// logic_op/chained: a and b and c, all true
import type { Entrypoints } from "./856.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":true,"c":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
