// graphql_schema_is_valid/success-schema-extensions directive only
import type { Entrypoints } from "./544.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
