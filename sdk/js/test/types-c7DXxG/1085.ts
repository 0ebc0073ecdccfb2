// objectremove/error invalid object param type array input
import type { Entrypoints } from "./1085.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
