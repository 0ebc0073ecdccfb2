// graphql_schema_is_valid/failure-inheritance multi
import type { Entrypoints } from "./547.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
