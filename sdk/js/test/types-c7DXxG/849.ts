// logic_op/and/short-circuit: lhs succeeds, rhs builtin error surfaces
import type { Entrypoints } from "./849.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
