// logic_op/grouping: not (a or b), one true
import type { Entrypoints } from "./881.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":true,"b":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
