// logic_op/precedence: `not x and not y or z` parses as `((not x) and (not y)) or z`
import type { Entrypoints } from "./925.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":true,"y":true,"z":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
