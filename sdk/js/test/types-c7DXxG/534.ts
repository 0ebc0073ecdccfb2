// graphql_schema_is_valid/failure-object-extensions must define one or more fields
import type { Entrypoints } from "./534.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
