// keywordrefs/every keyword rule refhead, partial object
import type { Entrypoints } from "./779.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
