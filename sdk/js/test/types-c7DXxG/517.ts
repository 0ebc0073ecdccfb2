// graphql_parse/failure validation rules are independent case 1
import type { Entrypoints } from "./517.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
