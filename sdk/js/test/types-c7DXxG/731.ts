// jwtverifyrsa/success-key
import type { Entrypoints } from "./731.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
