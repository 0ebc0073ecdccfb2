// graphql_parse_schema/success-interface simple
import type { Entrypoints } from "./497.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
