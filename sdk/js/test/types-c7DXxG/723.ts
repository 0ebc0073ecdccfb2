// jwtverifyrsa/failure-wrong alg
import type { Entrypoints } from "./723.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
