// graphql_schema_is_valid/success-schema-extensions simple
import type { Entrypoints } from "./543.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
