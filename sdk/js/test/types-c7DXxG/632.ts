// jsonremove/error invalid paths type set with objects
import type { Entrypoints } from "./632.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
