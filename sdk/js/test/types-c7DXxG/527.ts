// graphql_schema_is_valid/success-object-extensions simple
import type { Entrypoints } from "./527.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
