// logic_op/or/explicit-body: implicit lhs, explicit rhs
import type { Entrypoints } from "./910.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
