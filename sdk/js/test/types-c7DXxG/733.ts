// jwtverifyrsa/failure-wrong key
import type { Entrypoints } from "./733.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
