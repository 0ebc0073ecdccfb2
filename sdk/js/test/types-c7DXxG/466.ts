// graphql_parse_and_verify/success extending non-existent types
import type { Entrypoints } from "./466.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
