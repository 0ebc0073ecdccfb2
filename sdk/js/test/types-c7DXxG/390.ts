// functions/false else value
import type { Entrypoints } from "./390.policy.js";
const answer: Entrypoints["ex/falsy_else_value"]["result"] = false;
export {};
