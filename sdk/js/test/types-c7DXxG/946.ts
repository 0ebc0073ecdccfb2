// negation/pos: ref with variable
import type { Entrypoints } from "./946.policy.js";
const answer: Entrypoints["test/p"]["result"] = "v0";
export {};
