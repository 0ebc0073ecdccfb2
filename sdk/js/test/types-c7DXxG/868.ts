// logic_op/every: or inside every body, one matches neither branch
import type { Entrypoints } from "./868.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"xs":[-3,0,5]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
