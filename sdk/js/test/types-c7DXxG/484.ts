// graphql_parse_schema/failure-type-extensions can have descriptions
import type { Entrypoints } from "./484.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
