// logic_op/every: or inside every body, all match at least one branch
import type { Entrypoints } from "./867.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[-3,1,5]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
