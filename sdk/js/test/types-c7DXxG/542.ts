// graphql_schema_is_valid/success-schema-definition simple
import type { Entrypoints } from "./542.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
