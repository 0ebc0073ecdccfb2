// objectremove/error invalid key param type nil input
import type { Entrypoints } from "./1091.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
