// elsekeyword/default-1
import type { Entrypoints } from "./285.policy.js";
const answer: Entrypoints["ex/default_1"]["result"] = 2;
export {};
