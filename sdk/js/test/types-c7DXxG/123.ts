// base64urlbuiltins/encode-2
import type { Entrypoints } from "./123.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "dGhlcmU=";
export {};
