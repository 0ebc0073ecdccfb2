// logic_op/every: and inside every body, one fails
import type { Entrypoints } from "./866.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"xs":[1,2,100]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
