// graphql_parse_schema/success-object-types simple
import type { Entrypoints } from "./472.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
