// graphql_parse/success validation rules are independent case 2
import type { Entrypoints } from "./518.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
