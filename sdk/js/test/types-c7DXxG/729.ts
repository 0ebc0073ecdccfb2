// jwtverifyrsa/failure-wrong key
import type { Entrypoints } from "./729.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
