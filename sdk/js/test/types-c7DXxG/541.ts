// graphql_schema_is_valid/success-type-extensions all can have directives
import type { Entrypoints } from "./541.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
