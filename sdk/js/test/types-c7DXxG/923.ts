// logic_op/precedence: `x or y and z` parses as `x or (y and z)`
import type { Entrypoints } from "./923.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":true,"y":false,"z":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
