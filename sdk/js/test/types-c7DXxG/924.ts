// logic_op/precedence: `x and y or z and w` parses as `(x and y) or (z and w)`
import type { Entrypoints } from "./924.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"w":true,"x":false,"y":true,"z":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
