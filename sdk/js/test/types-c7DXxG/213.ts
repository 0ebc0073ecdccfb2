// comprehensions/set nested
import type { Entrypoints } from "./213.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,3,4];
export {};
