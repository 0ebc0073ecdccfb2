// elsekeyword/no-op
import type { Entrypoints } from "./279.policy.js";
const answer: Entrypoints["ex/no_op"]["result"] = true;
export {};
