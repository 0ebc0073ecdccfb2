// bitsshiftleft/rhs must be unsigned
import type { Entrypoints } from "./148.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
