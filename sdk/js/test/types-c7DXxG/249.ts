// defaultkeyword/function with var arg
import type { Entrypoints } from "./249.policy.js";
const answer: Entrypoints["test"]["result"] = {};
export {};
