// graphql_parse_schema/failure-unions cant double pipe
import type { Entrypoints } from "./504.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
