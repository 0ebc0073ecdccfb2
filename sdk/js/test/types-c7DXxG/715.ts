// jwtverifyhs512/failure-invalid token
import type { Entrypoints } from "./715.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
