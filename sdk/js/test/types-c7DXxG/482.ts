// graphql_parse_schema/success-type-extensions without fields twice
import type { Entrypoints } from "./482.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
