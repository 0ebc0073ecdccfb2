// functions/false result
import type { Entrypoints } from "./388.policy.js";
const answer: Entrypoints["ex/falsy_undefined"]["result"] = undefined;
export {};
