// graphql_schema_is_valid/success-input-objects simple
import type { Entrypoints } from "./562.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
