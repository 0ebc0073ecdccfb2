// functions/non default
import type { Entrypoints } from "./406.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
