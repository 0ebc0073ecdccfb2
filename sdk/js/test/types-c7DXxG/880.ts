// logic_op/grouping: not (a or b), neither true
import type { Entrypoints } from "./880.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
