// negation/not-body: explicit body
import type { Entrypoints } from "./963.policy.js";
const answer: Entrypoints["negation/p"]["result"] = true;
export {};
