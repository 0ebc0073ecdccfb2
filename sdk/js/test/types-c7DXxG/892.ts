// logic_op/iteration: not around or with iteration
import type { Entrypoints } from "./892.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[0,5,99]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
