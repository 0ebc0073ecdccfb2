// objectremove/error invalid object param type bool input
import type { Entrypoints } from "./1086.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
