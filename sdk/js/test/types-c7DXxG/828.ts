// keywordrefs/true keyword rule refhead, partial object
import type { Entrypoints } from "./828.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
