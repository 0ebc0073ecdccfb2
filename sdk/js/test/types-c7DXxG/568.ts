// graphql_schema_is_valid/failure-directives invalid location
import type { Entrypoints } from "./568.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
