// graphql_schema_is_valid/schema failure with object in input object
import type { Entrypoints } from "./569.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
