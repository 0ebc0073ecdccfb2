// logic_op/or/short-circuit: lhs succeeds, rhs builtin not evaluated
import type { Entrypoints } from "./916.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
