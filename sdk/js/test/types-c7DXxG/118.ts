// base64builtins/decode-2
import type { Entrypoints } from "./118.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "there";
export {};
