// every/empty domain (partial rule ref)
import type { Entrypoints } from "./344.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
