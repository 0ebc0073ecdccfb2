// graphql_parse_schema/success-unions simple
import type { Entrypoints } from "./500.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
