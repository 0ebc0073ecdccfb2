// graphql_schema_is_valid/success-object-extensions with field list arg
import type { Entrypoints } from "./532.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
