// graphql_parse_schema/success-directives repeatable
import type { Entrypoints } from "./512.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
