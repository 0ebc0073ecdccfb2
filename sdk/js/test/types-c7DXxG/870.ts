// logic_op/every: scoped local var inside operand body
import type { Entrypoints } from "./870.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[1,2,3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
