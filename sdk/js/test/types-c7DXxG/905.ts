// logic_op/or/basic: virtual rule refs, rhs succeeds
import type { Entrypoints } from "./905.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":0,"y":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
