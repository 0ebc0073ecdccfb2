// jsonremove/error invalid target type boolean input
import type { Entrypoints } from "./625.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
