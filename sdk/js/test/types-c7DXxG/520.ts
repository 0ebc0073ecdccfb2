// graphql_parse/success no unused variables
import type { Entrypoints } from "./520.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
