// functions/only default
import type { Entrypoints } from "./407.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
