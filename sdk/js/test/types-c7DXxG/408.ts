// functions/wildcard args
import type { Entrypoints } from "./408.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
