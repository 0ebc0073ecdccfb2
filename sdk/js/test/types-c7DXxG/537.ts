// graphql_schema_is_valid/success-type-extensions without fields twice
import type { Entrypoints } from "./537.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
