// elsekeyword/trivial-3
import type { Entrypoints } from "./282.policy.js";
const answer: Entrypoints["ex/triple"]["result"] = "hello";
export {};
