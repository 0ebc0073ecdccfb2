// elsekeyword/var-head
import type { Entrypoints } from "./283.policy.js";
const answer: Entrypoints["ex/vars"]["result"] = ["hello","goodbye"];
export {};
