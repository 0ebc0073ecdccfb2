// comprehensions/array closure
import type { Entrypoints } from "./204.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[1]];
export {};
