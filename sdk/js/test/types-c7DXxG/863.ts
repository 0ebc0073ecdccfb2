// logic_op/chained: explicit bodies with locals at both ends of and-chain
import type { Entrypoints } from "./863.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":1,"b":true,"c":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
