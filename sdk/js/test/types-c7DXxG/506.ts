// graphql_parse_schema/success-scalar simple
import type { Entrypoints } from "./506.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
