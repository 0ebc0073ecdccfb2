// graphql_parse_schema/success-object-types with field list arg
import type { Entrypoints } from "./477.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
