// keywordrefs/true keyword rule refhead, partial set
import type { Entrypoints } from "./827.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
