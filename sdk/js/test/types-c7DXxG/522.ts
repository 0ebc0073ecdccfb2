// graphql_schema_is_valid/success extending non-existent types
import type { Entrypoints } from "./522.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
