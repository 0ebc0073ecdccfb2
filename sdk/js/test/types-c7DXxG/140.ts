// bitsand/basic bitwise-and
import type { Entrypoints } from "./140.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
