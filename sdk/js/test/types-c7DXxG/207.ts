// comprehensions/object non-string key
import type { Entrypoints } from "./207.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3,4];
export {};
