// comprehensions/object embedded set
import type { Entrypoints } from "./210.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"1":1,"2":2,"3":3,"4":4}];
export {};
