// functions/false else negation
import type { Entrypoints } from "./391.policy.js";
const answer: Entrypoints["ex/falsy_else_negation"]["result"] = true;
export {};
