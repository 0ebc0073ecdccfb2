// graphql_parse_schema/success-type-extensions without any fields
import type { Entrypoints } from "./481.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
