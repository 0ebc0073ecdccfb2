// base64urlbuiltins/encode-2 without padding
import type { Entrypoints } from "./127.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "dGhlcmU";
export {};
