// eqexpr/indexing: input is 1.0
import type { Entrypoints } from "./324.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
