// graphql_parse_and_verify/success deprecating types
import type { Entrypoints } from "./469.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
