// jwtverifyhs256/success
import type { Entrypoints } from "./708.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
