// graphql_parse_and_verify/success no unused variables
import type { Entrypoints } from "./470.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
