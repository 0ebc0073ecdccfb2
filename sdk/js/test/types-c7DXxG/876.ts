// logic_op/grouping: (a or b) and (c or d) parity with braces
import type { Entrypoints } from "./876.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":false,"c":false,"d":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
