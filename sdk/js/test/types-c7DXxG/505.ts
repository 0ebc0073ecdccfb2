// graphql_parse_schema/failure-unions cant have trailing pipe
import type { Entrypoints } from "./505.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
