// graphql_parse_schema/success-inheritance multi
import type { Entrypoints } from "./492.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
