// jsonremove/error invalid paths type boolean
import type { Entrypoints } from "./629.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
