// comprehensions/object closure
import type { Entrypoints } from "./211.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"foo":1}];
export {};
