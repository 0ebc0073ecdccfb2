// keywordrefs/false keyword rule refhead, partial object
import type { Entrypoints } from "./786.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
