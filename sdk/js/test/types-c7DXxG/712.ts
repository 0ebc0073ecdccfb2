// jwtverifyhs384/failure-bad token
import type { Entrypoints } from "./712.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
