// jwtverifyhs512/failure-bad token
import type { Entrypoints } from "./714.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
