// negation/rego_v2_import: not body, one expression false
import type { Entrypoints } from "./950.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
const given = {"a":true,"b":false};
const input: Entrypoints["negation/p"]["input"] = given;
export {};
