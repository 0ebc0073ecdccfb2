// functions/ref func output
import type { Entrypoints } from "./395.policy.js";
const answer: Entrypoints["ex/refoutput"]["result"] = "h";
export {};
