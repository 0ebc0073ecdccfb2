// elsekeyword/indexed
import type { Entrypoints } from "./288.policy.js";
const answer: Entrypoints["ex/indexed"]["result"] = 2;
export {};
