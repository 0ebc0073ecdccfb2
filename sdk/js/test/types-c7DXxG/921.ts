// logic_op/or/single-result: inside iterating comprehension, one entry per outer binding
import type { Entrypoints } from "./921.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2,3];
const given = {"xs":[1,2,3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
