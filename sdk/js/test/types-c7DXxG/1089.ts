// objectremove/error invalid object param type nil input
import type { Entrypoints } from "./1089.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
