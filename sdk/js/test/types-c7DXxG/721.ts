// jwtverifyrsa/failure-bad token
import type { Entrypoints } from "./721.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
