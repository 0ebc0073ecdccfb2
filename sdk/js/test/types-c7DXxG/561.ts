// graphql_schema_is_valid/success-scalar simple
import type { Entrypoints } from "./561.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
