// keywordrefs/some keyword rule refhead
import type { Entrypoints } from "./818.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
