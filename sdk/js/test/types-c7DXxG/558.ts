// graphql_schema_is_valid/failure-unions cant be empty
import type { Entrypoints } from "./558.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
