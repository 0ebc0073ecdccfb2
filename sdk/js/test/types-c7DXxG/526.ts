// graphql_schema_is_valid/success - AST objects - Employee example
import type { Entrypoints } from "./526.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
