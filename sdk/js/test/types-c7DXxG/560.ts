// graphql_schema_is_valid/failure-unions cant have trailing pipe
import type { Entrypoints } from "./560.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
