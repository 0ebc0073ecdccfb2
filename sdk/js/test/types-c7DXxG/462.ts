// graphql_is_valid/success no unused variables
import type { Entrypoints } from "./462.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
