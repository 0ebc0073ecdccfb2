// logic_op/rego_v2_import: not {x and y}
import type { Entrypoints } from "./930.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
