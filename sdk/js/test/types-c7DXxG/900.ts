// logic_op/or/basic: lhs succeeds via input
import type { Entrypoints } from "./900.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"role":"admin"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
