// graphql_parse_schema/success-schema-extensions simple
import type { Entrypoints } from "./488.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
