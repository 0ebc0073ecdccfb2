// logic_op/builtin_calls: or with builtins on both sides
import type { Entrypoints } from "./853.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"s":"report.txt","xs":[]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
