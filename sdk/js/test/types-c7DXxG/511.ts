// graphql_parse_schema/success-directives executable
import type { Entrypoints } from "./511.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
