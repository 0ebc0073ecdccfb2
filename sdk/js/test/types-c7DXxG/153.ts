// bitsshiftright/rhs must be unsigned
import type { Entrypoints } from "./153.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
