// every/empty domain (array)
import type { Entrypoints } from "./341.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
