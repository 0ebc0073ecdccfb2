// logic_op/and/basic: both succeed via input
import type { Entrypoints } from "./834.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":1,"y":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
