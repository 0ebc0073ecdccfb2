// graphql_parse_schema/success-unions with leading pipe
import type { Entrypoints } from "./502.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
