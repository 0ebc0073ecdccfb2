// jwtverifyhs256/failure-invalid token
import type { Entrypoints } from "./710.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
