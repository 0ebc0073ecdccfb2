// graphql_schema_is_valid/failure-interface must define one or more fields
import type { Entrypoints } from "./553.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
