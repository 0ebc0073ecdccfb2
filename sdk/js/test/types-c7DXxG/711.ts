// jwtverifyhs384/success
import type { Entrypoints } from "./711.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
