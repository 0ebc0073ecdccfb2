// graphql_schema_is_valid/success-type-extensions object extension
import type { Entrypoints } from "./535.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
