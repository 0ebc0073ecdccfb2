// eqexpr/indexing: input is 1
import type { Entrypoints } from "./325.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
