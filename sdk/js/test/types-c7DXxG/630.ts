// jsonremove/error invalid paths type object
import type { Entrypoints } from "./630.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
