// aggregates/count with invalid utf-8 chars (0xFFFD)
import type { Entrypoints } from "./25.policy.js";
const answer: Entrypoints["test/p"]["result"] = [30];
export {};
