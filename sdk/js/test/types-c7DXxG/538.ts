// graphql_schema_is_valid/failure-type-extensions without anything errors
import type { Entrypoints } from "./538.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
