// logic_op/chained: explicit bodies with locals at both ends of or-chain
import type { Entrypoints } from "./864.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":0,"b":false,"c":2};
const input: Entrypoints["test/p"]["input"] = given;
export {};
