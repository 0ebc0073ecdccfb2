// keywordrefs/some keyword rule refhead, partial object
import type { Entrypoints } from "./821.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
