// logic_op/and/explicit-body: multi-expr operand body fails on second expr
import type { Entrypoints } from "./845.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":100};
const input: Entrypoints["test/p"]["input"] = given;
export {};
