// keywordrefs/else keyword rule refhead
import type { Entrypoints } from "./769.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
