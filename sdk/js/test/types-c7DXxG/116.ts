// base64builtins/encode-1
import type { Entrypoints } from "./116.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "aGVsbG8=";
export {};
