// jsonremove/error invalid target type array input
import type { Entrypoints } from "./626.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
