// graphql_parse_schema/failure-schema-extensions without anything errors
import type { Entrypoints } from "./490.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
