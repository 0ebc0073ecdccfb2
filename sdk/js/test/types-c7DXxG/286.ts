// elsekeyword/default-2
import type { Entrypoints } from "./286.policy.js";
const answer: Entrypoints["ex/default_2"]["result"] = 2;
export {};
