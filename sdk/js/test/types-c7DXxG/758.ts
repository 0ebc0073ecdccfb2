// keywordrefs/contains keyword rule refhead, partial object
import type { Entrypoints } from "./758.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
