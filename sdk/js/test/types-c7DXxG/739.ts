// jwtverifyrsa/success-ps512-jwk
import type { Entrypoints } from "./739.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
