// base64urlbuiltins/decode-1 padded string
import type { Entrypoints } from "./124.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "hello";
export {};
