// logic_op/or/explicit-body: some-binding inside operand body
import type { Entrypoints } from "./915.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[-1,0,5]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
