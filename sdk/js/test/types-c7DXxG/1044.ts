// objectfilter/error invalid object param type array input
import type { Entrypoints } from "./1044.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
