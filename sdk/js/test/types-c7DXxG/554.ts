// graphql_schema_is_valid/failure-interface may define intermediate interfaces
import type { Entrypoints } from "./554.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
