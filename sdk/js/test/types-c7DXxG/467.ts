// graphql_parse_and_verify/success validation rules are independent case 1
import type { Entrypoints } from "./467.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
