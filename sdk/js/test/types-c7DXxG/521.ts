// graphql_parse/success - AST objects - Employee example
import type { Entrypoints } from "./521.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
