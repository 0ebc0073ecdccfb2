// graphql_parse_schema/failure-object-types must define one or more fields
import type { Entrypoints } from "./479.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
