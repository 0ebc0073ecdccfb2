// every/array with calls
import type { Entrypoints } from "./357.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
