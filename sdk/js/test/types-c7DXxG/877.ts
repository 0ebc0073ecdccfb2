// logic_op/grouping: { a or b } and { c or d } parity with parens
import type { Entrypoints } from "./877.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":false,"c":false,"d":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
