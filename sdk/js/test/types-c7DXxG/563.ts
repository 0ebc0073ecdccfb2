// graphql_schema_is_valid/failure-input-objects can not have args
import type { Entrypoints } from "./563.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
