// graphql_parse_schema/success-inheritance single
import type { Entrypoints } from "./491.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
