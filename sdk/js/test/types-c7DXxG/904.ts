// logic_op/or/basic: virtual rule refs, lhs succeeds
import type { Entrypoints } from "./904.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1,"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
