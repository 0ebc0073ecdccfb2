// comprehensions/set dereference embedded
import type { Entrypoints } from "./217.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[[1,2,3,4]]];
export {};
