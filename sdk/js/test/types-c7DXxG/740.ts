// jwtverifyrsa/failure-wrong key
import type { Entrypoints } from "./740.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
