// graphql_schema_is_valid/success-directives simple
import type { Entrypoints } from "./565.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
