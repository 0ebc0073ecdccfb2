// bitsand/lhs (float) error
import type { Entrypoints } from "./142.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
