// objectkeys/empty_result
import type { Entrypoints } from "./1073.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
