// objectfilter/error invalid object param type number input
import type { Entrypoints } from "./1046.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
