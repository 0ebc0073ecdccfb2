// graphql_schema_is_valid/success-enums double value
import type { Entrypoints } from "./550.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
