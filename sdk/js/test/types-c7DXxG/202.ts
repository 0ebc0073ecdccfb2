// comprehensions/array embedded object
import type { Entrypoints } from "./202.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3];
export {};
