// graphql_schema_is_valid/success-object-extensions with field arg and default value
import type { Entrypoints } from "./531.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
