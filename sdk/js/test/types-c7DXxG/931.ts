// logic_op/rego_v2_import: rego.v1 also imported
import type { Entrypoints } from "./931.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
