// keywordrefs/not keyword rule refhead, partial set
import type { Entrypoints } from "./799.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
