// defaultkeyword/defined-ooo
import type { Entrypoints } from "./253.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
