// numbersrange/error: floating-point number pos 1
import type { Entrypoints } from "./1035.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
