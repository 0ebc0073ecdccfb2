// logic_op/rego_v2_import: future.keywords.and also imported
import type { Entrypoints } from "./932.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
