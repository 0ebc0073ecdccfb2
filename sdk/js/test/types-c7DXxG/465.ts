// graphql_is_valid/undefined argument schema ast
import type { Entrypoints } from "./465.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
