// base64urlbuiltins/encode-1
import type { Entrypoints } from "./122.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "aGVsbG8=";
export {};
