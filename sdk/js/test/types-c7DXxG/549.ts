// graphql_schema_is_valid/success-enums single value
import type { Entrypoints } from "./549.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
