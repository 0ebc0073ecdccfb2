// jwtverifyrsa/success-key
import type { Entrypoints } from "./728.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
