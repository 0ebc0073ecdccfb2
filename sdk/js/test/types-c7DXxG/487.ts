// graphql_parse_schema/success-schema-definition simple
import type { Entrypoints } from "./487.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
