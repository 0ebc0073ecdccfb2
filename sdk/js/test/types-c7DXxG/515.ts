// graphql_parse_schema/failure-fuzzer 2
import type { Entrypoints } from "./515.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
