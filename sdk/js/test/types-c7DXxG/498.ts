// graphql_parse_schema/failure-interface must define one or more fields
import type { Entrypoints } from "./498.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
