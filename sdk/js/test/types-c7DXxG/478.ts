// graphql_parse_schema/success-object-types with two args
import type { Entrypoints } from "./478.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
