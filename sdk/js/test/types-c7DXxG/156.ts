// bitsxor/lhs (float) error
import type { Entrypoints } from "./156.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
