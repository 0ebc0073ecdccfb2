// graphql_schema_is_valid/success-unions with leading pipe
import type { Entrypoints } from "./557.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
