// graphql_parse_schema/failure-unions cant be empty
import type { Entrypoints } from "./503.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
