// base64builtins/is_valid-false
import type { Entrypoints } from "./121.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
