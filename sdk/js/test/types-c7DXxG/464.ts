// graphql_is_valid/undefined argument
import type { Entrypoints } from "./464.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
