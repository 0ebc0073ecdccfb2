// graphql_is_valid/success extending non-existent types
import type { Entrypoints } from "./458.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
