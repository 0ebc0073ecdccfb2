// logic_op/every: not (or) inside every body
import type { Entrypoints } from "./869.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[0,5,9]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
