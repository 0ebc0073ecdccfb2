// functions/false result negation
import type { Entrypoints } from "./389.policy.js";
const answer: Entrypoints["ex/falsy_negation"]["result"] = true;
export {};
