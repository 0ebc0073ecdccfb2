// functions/default
import type { Entrypoints } from "./405.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
