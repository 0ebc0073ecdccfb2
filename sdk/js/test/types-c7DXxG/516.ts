// graphql_parse/success extending non-existent types
import type { Entrypoints } from "./516.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
