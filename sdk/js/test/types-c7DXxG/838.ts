// logic_op/and/basic: virtual rule ref, rhs fails
import type { Entrypoints } from "./838.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":1,"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
