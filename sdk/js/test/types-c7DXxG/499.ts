// graphql_parse_schema/success-interface may define intermediate interfaces
import type { Entrypoints } from "./499.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
