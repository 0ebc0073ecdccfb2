// graphql_schema_is_valid/success-object-extensions with block description
import type { Entrypoints } from "./529.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
