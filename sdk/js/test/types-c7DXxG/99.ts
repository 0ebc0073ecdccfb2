// arithmetic/big_int
import type { Entrypoints } from "./99.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
