// base64urlbuiltins/encode-1 without padding
import type { Entrypoints } from "./126.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "aGVsbG8";
export {};
