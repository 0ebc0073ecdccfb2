// graphql_parse_schema/success-object-types with block description
import type { Entrypoints } from "./474.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
