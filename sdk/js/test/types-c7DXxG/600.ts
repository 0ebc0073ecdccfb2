// jsonbuiltins/unmarshal-non-string
import type { Entrypoints } from "./600.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
