// jsonremove/error invalid target type string input
import type { Entrypoints } from "./623.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
