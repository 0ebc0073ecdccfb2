// logic_op/precedence: `not x or y` parses as `(not x) or y`
import type { Entrypoints } from "./922.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"x":true,"y":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
