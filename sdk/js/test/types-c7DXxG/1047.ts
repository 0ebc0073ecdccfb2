// objectfilter/error invalid object param type string input
import type { Entrypoints } from "./1047.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
