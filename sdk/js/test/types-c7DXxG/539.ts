// graphql_schema_is_valid/failure-type-extensions can have descriptions
import type { Entrypoints } from "./539.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
