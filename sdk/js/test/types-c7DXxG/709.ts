// jwtverifyhs256/failure-bad token
import type { Entrypoints } from "./709.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
