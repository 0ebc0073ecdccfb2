// jsonremove/error invalid paths type array with objects
import type { Entrypoints } from "./633.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
