// graphql_schema_is_valid/success-inheritance multi with leading amp
import type { Entrypoints } from "./548.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
