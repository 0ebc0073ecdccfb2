// logic_op/rego_v2_import: and, both operands true
import type { Entrypoints } from "./926.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
