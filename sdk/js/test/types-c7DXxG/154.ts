// bitsxor/basic bitwise-xor
import type { Entrypoints } from "./154.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [41];
export {};
