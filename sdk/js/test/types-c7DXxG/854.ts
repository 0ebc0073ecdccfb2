// logic_op/builtin_calls: nested builtin call, distinct result temporaries
import type { Entrypoints } from "./854.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":"x,y,z","b":"1;2;3"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
