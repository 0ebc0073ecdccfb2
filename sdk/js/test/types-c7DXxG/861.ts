// logic_op/chained: a or b and c or d, b-and-c is the only true conjunct
import type { Entrypoints } from "./861.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true,"c":true,"d":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
