// bitsor/lhs (float) error
import type { Entrypoints } from "./145.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
