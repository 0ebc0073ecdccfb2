// jsonremove/error invalid paths type number
import type { Entrypoints } from "./628.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
