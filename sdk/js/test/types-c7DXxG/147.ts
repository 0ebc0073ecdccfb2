// bitsshiftleft/lhs (float) error
import type { Entrypoints } from "./147.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
