// graphql_schema_is_valid/success-directives repeatable
import type { Entrypoints } from "./567.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
