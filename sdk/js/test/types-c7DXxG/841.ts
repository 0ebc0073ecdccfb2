// logic_op/and/explicit-body: explicit lhs, implicit rhs
import type { Entrypoints } from "./841.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
