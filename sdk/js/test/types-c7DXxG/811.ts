// keywordrefs/package keyword rule refhead
import type { Entrypoints } from "./811.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
