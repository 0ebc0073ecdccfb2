// graphql_parse_and_verify/success validation rules are independent case 2
import type { Entrypoints } from "./468.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
