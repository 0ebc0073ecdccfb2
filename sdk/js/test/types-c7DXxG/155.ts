// bitsxor/xor same is 0
import type { Entrypoints } from "./155.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0];
export {};
