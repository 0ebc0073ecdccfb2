// graphql_schema_is_valid/success-directives executable
import type { Entrypoints } from "./566.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
