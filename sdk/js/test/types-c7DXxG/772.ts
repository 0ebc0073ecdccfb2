// keywordrefs/else keyword rule refhead, partial object
import type { Entrypoints } from "./772.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
