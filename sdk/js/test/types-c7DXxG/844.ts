// logic_op/and/explicit-body: multi-expr operand body
import type { Entrypoints } from "./844.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":5};
const input: Entrypoints["test/p"]["input"] = given;
export {};
