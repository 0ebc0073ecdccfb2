// graphql_is_valid/success - AST objects - Employee example
import type { Entrypoints } from "./463.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
