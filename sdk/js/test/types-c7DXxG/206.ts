// comprehensions/object simple
import type { Entrypoints } from "./206.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["2","3","4"];
export {};
