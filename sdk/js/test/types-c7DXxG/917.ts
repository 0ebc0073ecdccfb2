// logic_op/or/short-circuit: lhs fails, rhs builtin error surfaces
import type { Entrypoints } from "./917.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
