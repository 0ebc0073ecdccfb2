// base64urlbuiltins/decode-2 non-padded string
import type { Entrypoints } from "./125.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "hello";
export {};
