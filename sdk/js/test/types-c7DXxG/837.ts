// logic_op/and/basic: virtual rule refs on both sides
import type { Entrypoints } from "./837.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1,"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
