// comprehensions/set closure
import type { Entrypoints } from "./216.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[1]];
export {};
