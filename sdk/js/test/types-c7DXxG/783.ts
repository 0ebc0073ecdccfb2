// keywordrefs/false keyword rule refhead
import type { Entrypoints } from "./783.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
