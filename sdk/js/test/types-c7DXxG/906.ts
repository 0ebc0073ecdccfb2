// logic_op/or/basic: virtual rule refs, neither succeeds
import type { Entrypoints } from "./906.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":0,"y":0};
const input: Entrypoints["test/p"]["input"] = given;
export {};
