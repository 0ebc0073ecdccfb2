// graphql_parse_schema/failure-enums must define one or more unique enum values
import type { Entrypoints } from "./496.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
