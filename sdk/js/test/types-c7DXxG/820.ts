// keywordrefs/some keyword rule refhead, partial set
import type { Entrypoints } from "./820.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
