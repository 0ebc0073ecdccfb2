// graphql_schema_is_valid/failure-schema-extensions without anything errors
import type { Entrypoints } from "./545.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
