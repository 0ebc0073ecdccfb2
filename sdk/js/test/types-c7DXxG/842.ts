// logic_op/and/explicit-body: implicit lhs, explicit rhs
import type { Entrypoints } from "./842.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
