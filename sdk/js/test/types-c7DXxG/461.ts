// graphql_is_valid/success deprecating types
import type { Entrypoints } from "./461.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
