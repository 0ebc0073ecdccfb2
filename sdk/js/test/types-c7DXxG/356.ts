// every/followed by another query
import type { Entrypoints } from "./356.policy.js";
const answer: Entrypoints["test/p"]["result"] = [10];
export {};
