// replacen/bad pattern object operand/non-string key
import type { Entrypoints } from "./1232.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
