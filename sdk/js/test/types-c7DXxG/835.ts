// logic_op/and/basic: lhs undefined ref
import type { Entrypoints } from "./835.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
