// comprehensions/set embedded object
import type { Entrypoints } from "./214.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,3,4];
export {};
