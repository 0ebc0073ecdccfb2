// jwtverifyrsa/failure-wrong key
import type { Entrypoints } from "./722.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
