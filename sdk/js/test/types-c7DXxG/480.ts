// graphql_parse_schema/success-type-extensions Object extension
import type { Entrypoints } from "./480.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
