// cryptomd5/crypto.md5 with string
import type { Entrypoints } from "./228.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["80a751fde577028640c419000e33eba6"];
export {};
