// numbersrange/one
import type { Entrypoints } from "./1033.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0];
export {};
