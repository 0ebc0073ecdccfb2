// graphql_schema_is_valid/failure-inheritance single
import type { Entrypoints } from "./546.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
