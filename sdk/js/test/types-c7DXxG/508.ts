// graphql_parse_schema/failure-input-object can not have args
import type { Entrypoints } from "./508.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
