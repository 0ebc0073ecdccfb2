// logic_op/grouping: (a or b) and c, short-circuit
import type { Entrypoints } from "./875.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":true,"b":true,"c":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
