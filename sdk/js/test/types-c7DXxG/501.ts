// graphql_parse_schema/success-unions with two types
import type { Entrypoints } from "./501.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
