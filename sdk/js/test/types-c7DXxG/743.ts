// jwtverifyrsa/failure-wrong key
import type { Entrypoints } from "./743.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
