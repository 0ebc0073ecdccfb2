// graphql_schema_is_valid/success-object-extensions with two args
import type { Entrypoints } from "./533.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
