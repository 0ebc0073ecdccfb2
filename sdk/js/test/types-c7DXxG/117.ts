// base64builtins/decode-1
import type { Entrypoints } from "./117.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "hello";
export {};
