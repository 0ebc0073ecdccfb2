// logic_op/rego_v2_import: or, rhs true
import type { Entrypoints } from "./928.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
