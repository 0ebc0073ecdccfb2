// partialsetdoc/iteration
import type { Entrypoints } from "./1117.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
