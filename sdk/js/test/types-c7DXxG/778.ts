// keywordrefs/every keyword rule refhead, partial set
import type { Entrypoints } from "./778.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
