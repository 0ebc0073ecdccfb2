// graphql_parse_schema/failure-input-object must define one or more input fields
import type { Entrypoints } from "./509.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
