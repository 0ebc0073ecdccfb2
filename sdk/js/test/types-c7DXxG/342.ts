// every/empty domain (set)
import type { Entrypoints } from "./342.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
