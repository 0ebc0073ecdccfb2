// graphql_schema_is_valid/failure-input-objects must define one or more input fields
import type { Entrypoints } from "./564.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
