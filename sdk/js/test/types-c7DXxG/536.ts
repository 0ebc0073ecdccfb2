// graphql_schema_is_valid/success-type-extensions without any fields
import type { Entrypoints } from "./536.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
