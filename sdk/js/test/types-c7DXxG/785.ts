// keywordrefs/false keyword rule refhead, partial set
import type { Entrypoints } from "./785.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
