// logic_op/and/short-circuit: lhs fails, rhs builtin not evaluated
import type { Entrypoints } from "./848.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
