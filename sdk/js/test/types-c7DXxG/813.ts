// keywordrefs/package keyword rule refhead, partial set
import type { Entrypoints } from "./813.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
