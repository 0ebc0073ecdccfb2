// base64builtins/encode-slash
import type { Entrypoints } from "./119.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "c3ViamVjdHM/X2Q=";
export {};
