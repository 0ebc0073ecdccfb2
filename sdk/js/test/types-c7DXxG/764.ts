// keywordrefs/default keyword rule refhead, partial set
import type { Entrypoints } from "./764.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
