// jwtbuiltins/bad-header-encoding
import type { Entrypoints } from "./648.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
