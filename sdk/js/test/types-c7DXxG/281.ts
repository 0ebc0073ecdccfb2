// elsekeyword/trivial-non-bool
import type { Entrypoints } from "./281.policy.js";
const answer: Entrypoints["ex/non_bool"]["result"] = [100];
export {};
