// graphql_parse_and_verify/success - AST objects - Employee example
import type { Entrypoints } from "./471.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
