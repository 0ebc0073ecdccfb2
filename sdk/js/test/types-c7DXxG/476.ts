// graphql_parse_schema/success-object-types with field arg and default value
import type { Entrypoints } from "./476.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
