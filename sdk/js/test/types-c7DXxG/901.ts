// logic_op/or/basic: rhs succeeds via input
import type { Entrypoints } from "./901.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"role":"user"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
