// negation/neg: ref with variable (hit) and virtual doc (miss))
import type { Entrypoints } from "./948.policy.js";
const answer: Entrypoints["foo/p"]["result"] = undefined;
export {};
