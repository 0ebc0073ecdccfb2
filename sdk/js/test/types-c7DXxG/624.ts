// jsonremove/error invalid target type number input
import type { Entrypoints } from "./624.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
