// graphql_schema_is_valid/success no unused variables
import type { Entrypoints } from "./525.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
