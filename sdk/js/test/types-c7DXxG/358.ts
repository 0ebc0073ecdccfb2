// every/array with calls (fail)
import type { Entrypoints } from "./358.policy.js";
const answer: Entrypoints["test/q"]["result"] = true;
export {};
