// every/simple failure, first
import type { Entrypoints } from "./352.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
