// logic_op/iteration: not around and with iteration
import type { Entrypoints } from "./894.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[-1,0,20]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
