// comprehensions/object embedded array
import type { Entrypoints } from "./208.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["2","3","4"];
export {};
