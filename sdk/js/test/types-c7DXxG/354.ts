// every/with: domain
import type { Entrypoints } from "./354.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
