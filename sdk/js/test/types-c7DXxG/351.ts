// every/outer bindings
import type { Entrypoints } from "./351.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
