// bitsshiftright/lhs (float) error
import type { Entrypoints } from "./152.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
