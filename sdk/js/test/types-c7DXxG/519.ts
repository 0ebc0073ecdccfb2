// graphql_parse/success deprecating types
import type { Entrypoints } from "./519.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
