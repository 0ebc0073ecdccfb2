// logic_op/builtin_calls: and with builtins on both sides
import type { Entrypoints } from "./851.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"s":"/etc/hosts","xs":[1,2,3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
