// objectfilter/error invalid object param type bool input
import type { Entrypoints } from "./1045.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
