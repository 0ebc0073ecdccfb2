// keywordrefs/default keyword rule refhead
import type { Entrypoints } from "./762.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
