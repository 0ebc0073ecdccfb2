// logic_op/rego_v2_import: and, rhs false
import type { Entrypoints } from "./927.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":true,"b":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
