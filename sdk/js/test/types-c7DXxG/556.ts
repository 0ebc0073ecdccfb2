// graphql_schema_is_valid/success-unions with two types
import type { Entrypoints } from "./556.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
