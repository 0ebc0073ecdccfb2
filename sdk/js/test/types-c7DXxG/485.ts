// graphql_parse_schema/failure-type-extensions can not have descriptions on types
import type { Entrypoints } from "./485.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
