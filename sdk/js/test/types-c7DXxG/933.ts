// logic_op/rego_v2_import: import is per module
import type { Entrypoints } from "./933.policy.js";
const answer: Entrypoints["test"]["result"] = {"p":true,"q":1};
const given = {"a":false,"b":true};
const input: Entrypoints["test"]["input"] = given;
export {};
