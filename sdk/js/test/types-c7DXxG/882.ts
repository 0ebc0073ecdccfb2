// logic_op/grouping: (a with ...) and b, with scoped to operand
import type { Entrypoints } from "./882.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":5};
const input: Entrypoints["test/p"]["input"] = given;
export {};
