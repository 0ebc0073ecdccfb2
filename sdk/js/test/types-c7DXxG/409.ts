// functions/comprehensions
import type { Entrypoints } from "./409.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,1000,3];
export {};
