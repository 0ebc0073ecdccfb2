// comprehensions/array nested
import type { Entrypoints } from "./201.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3];
export {};
