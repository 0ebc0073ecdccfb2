// graphql_parse_schema/failure-type-extensions without anything errors
import type { Entrypoints } from "./483.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
