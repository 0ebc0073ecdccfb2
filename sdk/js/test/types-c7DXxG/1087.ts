// objectremove/error invalid object param type number input
import type { Entrypoints } from "./1087.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
