// logic_op/every: and inside every body, all succeed
import type { Entrypoints } from "./865.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[1,2,3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
