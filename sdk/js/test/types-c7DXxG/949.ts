// negation/neg: ref with variable (miss) and virtual doc (hit)
import type { Entrypoints } from "./949.policy.js";
const answer: Entrypoints["foo/p"]["result"] = undefined;
export {};
