// graphql_schema_is_valid/success deprecating types
import type { Entrypoints } from "./524.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
