// keywordrefs/default keyword rule refhead, partial object
import type { Entrypoints } from "./765.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
