// graphql_parse_schema/failure-fuzzer 1
import type { Entrypoints } from "./514.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
