// graphql_schema_is_valid/success-object-extensions with field arg
import type { Entrypoints } from "./530.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
