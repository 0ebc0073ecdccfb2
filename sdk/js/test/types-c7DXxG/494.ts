// graphql_parse_schema/success-enums single value
import type { Entrypoints } from "./494.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
