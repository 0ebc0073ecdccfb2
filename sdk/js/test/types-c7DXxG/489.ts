// graphql_parse_schema/success-schema-extensions directive only
import type { Entrypoints } from "./489.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
