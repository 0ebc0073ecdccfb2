// keywordrefs/not keyword rule refhead, partial object
import type { Entrypoints } from "./800.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
