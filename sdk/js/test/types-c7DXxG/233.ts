// cryptosha256/crypto.sha256 with string
import type { Entrypoints } from "./233.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["5e2bf57d3f40c4b6df69daf1936cb766f832374b4fc0259a7cbff06e2f70f269"];
export {};
