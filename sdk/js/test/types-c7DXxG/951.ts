// negation/rego_v2_import: not body, all expressions true
import type { Entrypoints } from "./951.policy.js";
const answer: Entrypoints["negation/p"]["result"] = false;
const given = {"a":true,"b":true};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
