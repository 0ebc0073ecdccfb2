// keywordrefs/package keyword rule refhead, partial object
import type { Entrypoints } from "./814.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
