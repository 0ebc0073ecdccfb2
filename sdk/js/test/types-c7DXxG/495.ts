// graphql_parse_schema/success-enums double value
import type { Entrypoints } from "./495.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
