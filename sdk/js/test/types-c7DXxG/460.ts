// graphql_is_valid/success validation rules are independent case 2
import type { Entrypoints } from "./460.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
