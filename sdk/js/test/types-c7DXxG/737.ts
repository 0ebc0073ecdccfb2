// jwtverifyrsa/failure-ps384-wrong key
import type { Entrypoints } from "./737.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
