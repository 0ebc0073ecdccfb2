// logic_op/or/short-circuit: lhs fails, rhs evaluates and succeeds
import type { Entrypoints } from "./918.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":0,"y":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
