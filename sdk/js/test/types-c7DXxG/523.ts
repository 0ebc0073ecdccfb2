// graphql_schema_is_valid/success validation rules are independent case 1 and 2
import type { Entrypoints } from "./523.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
