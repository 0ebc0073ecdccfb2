// graphql_parse_schema/success-type-extensions all can have directives
import type { Entrypoints } from "./486.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
