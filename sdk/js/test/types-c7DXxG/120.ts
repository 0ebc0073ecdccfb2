// base64builtins/is_valid-true
import type { Entrypoints } from "./120.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
