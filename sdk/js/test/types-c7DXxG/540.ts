// graphql_schema_is_valid/failure-type-extensions can not have descriptions on types
import type { Entrypoints } from "./540.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
