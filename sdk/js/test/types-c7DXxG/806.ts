// keywordrefs/null keyword rule refhead, partial set
import type { Entrypoints } from "./806.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
