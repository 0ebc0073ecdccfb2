// graphql_parse_schema/success-object-types with field arg
import type { Entrypoints } from "./475.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
