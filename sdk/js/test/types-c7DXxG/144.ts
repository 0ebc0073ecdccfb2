// bitsor/basic bitwise-or
import type { Entrypoints } from "./144.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [15];
export {};
