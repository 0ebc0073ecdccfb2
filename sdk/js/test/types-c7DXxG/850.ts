// logic_op/and/short-circuit: guarded type access
import type { Entrypoints } from "./850.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"x":"not an array"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
