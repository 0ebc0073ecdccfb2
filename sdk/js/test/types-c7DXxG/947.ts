// negation/neg: ref with variable
import type { Entrypoints } from "./947.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
