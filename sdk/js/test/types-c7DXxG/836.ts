// logic_op/and/basic: rhs undefined ref
import type { Entrypoints } from "./836.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
