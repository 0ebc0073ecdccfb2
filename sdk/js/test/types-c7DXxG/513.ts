// graphql_parse_schema/failure-directives invalid location
import type { Entrypoints } from "./513.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
