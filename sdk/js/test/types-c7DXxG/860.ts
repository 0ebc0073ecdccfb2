// logic_op/chained: a and b or c and d, right side wins
import type { Entrypoints } from "./860.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true,"c":true,"d":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
