// logic_op/iteration: not around or with iteration, one element matches
import type { Entrypoints } from "./893.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"xs":[0,5,200]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
