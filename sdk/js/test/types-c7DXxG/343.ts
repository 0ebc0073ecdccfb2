// every/empty domain (object)
import type { Entrypoints } from "./343.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
