// keywordrefs/else keyword rule refhead, partial set
import type { Entrypoints } from "./771.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
