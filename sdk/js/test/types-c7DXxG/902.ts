// logic_op/or/basic: neither side succeeds via input
import type { Entrypoints } from "./902.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"role":"guest"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
