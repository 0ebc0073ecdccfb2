// graphql_schema_is_valid/success-unions simple
import type { Entrypoints } from "./555.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
