// graphql_parse_schema/success-inheritance multi with leading amp
import type { Entrypoints } from "./493.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
