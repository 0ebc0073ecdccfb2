// graphql_schema_is_valid/failure-enums must define one or more unique enum values
import type { Entrypoints } from "./551.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
