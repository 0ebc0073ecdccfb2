// graphql_is_valid/success validation rules are independent case 1
import type { Entrypoints } from "./459.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
