// graphql_parse_schema/success-input-object simple
import type { Entrypoints } from "./507.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
