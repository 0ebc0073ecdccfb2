// elsekeyword/trivial
import type { Entrypoints } from "./280.policy.js";
const answer: Entrypoints["ex/bool"]["result"] = true;
export {};
