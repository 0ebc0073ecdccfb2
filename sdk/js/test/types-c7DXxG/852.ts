// logic_op/builtin_calls: and with builtins, rhs fails
import type { Entrypoints } from "./852.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"s":"no-leading-slash","xs":[1,2,3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
