// graphql_schema_is_valid/failure-unions cant double pipe
import type { Entrypoints } from "./559.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
