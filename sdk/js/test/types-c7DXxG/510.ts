// graphql_parse_schema/success-directives simple
import type { Entrypoints } from "./510.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
