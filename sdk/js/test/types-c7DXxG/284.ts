// elsekeyword/first-match
import type { Entrypoints } from "./284.policy.js";
const answer: Entrypoints["ex/multiple_defined"]["result"] = true;
export {};
