// cryptosha1/crypto.sha1 with string
import type { Entrypoints } from "./232.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["bfb7759a67daeb65410490b4d98bb9da7d1ea2ce"];
export {};
