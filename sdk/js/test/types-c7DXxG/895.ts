// logic_op/iteration: not around and with iteration, one element matches
import type { Entrypoints } from "./895.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"xs":[-1,0,5]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
