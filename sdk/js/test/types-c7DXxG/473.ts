// graphql_parse_schema/success-object-types with description
import type { Entrypoints } from "./473.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
