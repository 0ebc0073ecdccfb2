// graphql_schema_is_valid/success-interface simple
import type { Entrypoints } from "./552.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
