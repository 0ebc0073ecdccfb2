// numbersrange/error: floating-point number pos 2
import type { Entrypoints } from "./1036.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
