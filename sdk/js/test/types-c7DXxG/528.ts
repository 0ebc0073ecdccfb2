// graphql_schema_is_valid/success-object-extensions with description
import type { Entrypoints } from "./528.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
