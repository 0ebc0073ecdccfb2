// logic_op/rego_v2_import: or, both false
import type { Entrypoints } from "./929.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":false,"b":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
